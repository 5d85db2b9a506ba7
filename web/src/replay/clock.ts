import { signal } from "@preact/signals";

/** The time of the replay. `time` is for drawing; `shown` follows a few times a second, for text. */
export class Clock {
  time: number;
  readonly shown = signal(0);
  readonly playing = signal(false);
  readonly speed = signal(30);
  private last = 0;
  private told = 0;

  constructor(
    readonly end: number,
    start = 0,
  ) {
    this.time = start;
    this.shown.value = start;
  }

  /** Move on by the time since the last call; whether anything has changed. */
  tick(now: number): boolean {
    const passed = Math.min((now - this.last) / 1000, 0.5);
    this.last = now;
    if (!this.playing.value) return false;
    this.time = Math.min(this.time + passed * this.speed.value, this.end);
    if (this.time >= this.end) this.playing.value = false;
    if (now - this.told > 120 || !this.playing.value) this.tell(now);
    return true;
  }

  seek(time: number): void {
    this.time = Math.min(Math.max(time, 0), this.end);
    this.tell(performance.now());
  }

  toggle(): void {
    if (!this.playing.value && this.time >= this.end) this.time = 0;
    this.playing.value = !this.playing.value;
  }

  private tell(now: number): void {
    this.told = now;
    this.shown.value = this.time;
  }
}

export const SPEEDS = [1, 5, 10, 30, 60, 120, 300];

/** 1:02:07 or 2:07. */
export function clockText(seconds: number): string {
  const whole = Math.floor(seconds);
  const two = (n: number) => String(n).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const rest = `${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}
