// What the build puts in: the address of the live stream's worker.

declare const LIVE_WORKER: string;
