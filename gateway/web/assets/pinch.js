/** Zooming with two fingers, and with Ctrl and the wheel (which is what a touchpad's pinch is). */

/** `zoom()` is the present zoom; `zoomTo(zoom)` asks for another. */
export function listenForPinch(box, { zoom, zoomTo }) {
  let start = null;
  const apart = ({ touches: [one, two] }) => Math.hypot(one.clientX - two.clientX, one.clientY - two.clientY);
  box.addEventListener('touchstart', (event) => {
    if (event.touches.length === 2) start = { distance: apart(event), zoom: zoom() };
  });
  box.addEventListener(
    'touchmove',
    (event) => {
      if (start === null || event.touches.length !== 2) return;
      event.preventDefault();
      zoomTo((start.zoom * apart(event)) / start.distance);
    },
    { passive: false },
  );
  box.addEventListener('touchend', () => {
    start = null;
  });
  box.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      zoomTo(zoom() * Math.exp(-event.deltaY * 0.01));
    },
    { passive: false },
  );
}
