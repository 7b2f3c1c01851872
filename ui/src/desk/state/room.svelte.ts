// How much room there is, measured in letters: a larger text makes the same window smaller. The style sheets ask the same of `.app`.

let width = $state(100);
let height = $state(60);

export const room = {
  /** In rem. */
  get width() {
    return width;
  },
  get height() {
    return height;
  },
};

const letter = document.createElement("div");
Object.assign(letter.style, { position: "absolute", inlineSize: "1rem", blockSize: "0", visibility: "hidden" });

function measure(): void {
  const rem = letter.getBoundingClientRect().width || 16;
  width = document.documentElement.clientWidth / rem;
  height = innerHeight / rem;
}

/** Begins to measure, and goes on whenever the window or the size of its letters changes. */
export function startRoom(): void {
  document.body.append(letter);
  measure();
  new ResizeObserver(measure).observe(letter);
  addEventListener("resize", measure);
}
