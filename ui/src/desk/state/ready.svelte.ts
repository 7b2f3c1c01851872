// A canned reply that was chosen elsewhere: the composer of its conversation puts it in.

let chosen = $state.raw<{ conversation: string; shortcode: string; n: number } | null>(null);
let count = 0;

export const ready = {
  get now() {
    return chosen;
  },
};

export function chooseReply(conversation: string, shortcode: string): void {
  chosen = { conversation, shortcode, n: ++count };
}
