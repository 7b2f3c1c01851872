// What somebody chose to do next, for whoever can do it: the composer takes words, the customer's cards take actions.

let wish = $state.raw<{ text: string; tool: string | null; n: number } | null>(null);
let count = 0;

export const suggested = {
  get now() {
    return wish;
  },
};

export function suggest({ text, tool }: { text: string; tool: string | null }): void {
  wish = { text, tool, n: ++count };
}
