"""Receipts on ESC/POS printers: documents as data, their bytes, text and picture, and the way to the paper.

The package stands alone and knows nothing of the shop. `document` says what is to be printed, `layout` turns
it into the lines of one paper width, `render` turns those lines into bytes, text or a picture, and `delivery`
sends bytes through one of the `transports` and says honestly what became of them.
"""
