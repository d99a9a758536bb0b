// @ts-check
/** Choosing which part of a photo is shown: the square is drawn as the server will cut it. Without it: the middle. */

const box = document.querySelector("[data-crop]");
const file = document.querySelector("input[type=file][name=picture]");

if (box instanceof HTMLElement && file instanceof HTMLInputElement) begin(box, file);

/** @param {HTMLElement} place @param {HTMLInputElement} chooser */
function begin(place, chooser) {
  const canvas = /** @type {HTMLCanvasElement} */ (place.querySelector("canvas"));
  const [zoom, across, down] = ["crop_zoom", "crop_x", "crop_y"].map((name) => /** @type {HTMLInputElement} */ (place.querySelector(`[name=${name}]`)));
  /** @type {ImageBitmap | null} */
  let photo = null;

  /** The side of the square in pixels of the photo, and how far it may be moved. */
  function square() {
    if (!photo) return { side: 0, right: 0, below: 0 };
    const side = (Math.min(photo.width, photo.height) * 100) / Number(zoom.value);
    return { side, right: photo.width - side, below: photo.height - side };
  }

  function draw() {
    const context = canvas.getContext("2d");
    if (!photo || !context) return;
    const { side, right, below } = square();
    context.fillStyle = "white";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(photo, (right * Number(across.value)) / 1000, (below * Number(down.value)) / 1000, side, side, 0, 0, canvas.width, canvas.height);
  }

  chooser.addEventListener("change", async () => {
    photo?.close();
    photo = null;
    place.hidden = true;
    const chosen = chooser.files?.[0];
    if (!chosen) return;
    try {
      photo = await createImageBitmap(chosen, { imageOrientation: "from-image" });
    } catch {
      return; // The server says what is wrong with it.
    }
    [zoom.value, across.value, down.value] = ["100", "500", "500"];
    place.hidden = false;
    draw();
  });

  for (const slider of [zoom, across, down]) slider.addEventListener("input", draw);

  /** @type {{x: number, y: number} | null} */
  let held = null;
  canvas.addEventListener("pointerdown", (event) => {
    held = { x: event.clientX, y: event.clientY };
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!held) return;
    const { side, right, below } = square();
    const scale = side / canvas.clientWidth;
    move(across, right, (held.x - event.clientX) * scale);
    move(down, below, (held.y - event.clientY) * scale);
    held = { x: event.clientX, y: event.clientY };
    draw();
  });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => (held = null));
}

/** Move a slider by pixels of the photo. @param {HTMLInputElement} slider @param {number} room @param {number} pixels */
function move(slider, room, pixels) {
  if (room > 0) slider.value = String(Number(slider.value) + (1000 * pixels) / room);
}
