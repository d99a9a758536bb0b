"""Every page and state of the product on one demo shop: to photograph (`make gallery`) and for axe.

A state is added with a few lines: in the file of its area a function takes the stage, brings a page to where
the state shows, and yields the state's name. What one function yields follows from what it did before, so a
flow costs one way through it:

    @scenes("till-cart", "till-change")
    def cash(stage: Stage) -> Shots:
        till = stage.till()
        till.add("KTO-100", 2)
        yield "till-cart"
        till.button("Exact cash").tap()
        till.page.locator(".change-amount").wait_for()
        yield "till-change"

Words on buttons are the English msgids; the stage says them in the language of the picture. The last page
that the stage gave is the one that is looked at. Nothing need be put back: the next flow begins with a fresh
page.
"""
