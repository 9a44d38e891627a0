/** Writes times in one time zone. */
export class TimeWriter {
  readonly zone: string;
  readonly #format: Intl.DateTimeFormat;

  constructor(zone: string) {
    this.zone = zone;
    this.#format = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      hourCycle: "h23",
    });
  }

  /** Writes seconds since 1970 as `2026-03-14 03:00:02`; what cannot be a date, as a number. */
  text(seconds: number): string {
    const date = new Date(Math.floor(seconds) * 1000);
    if (Number.isNaN(date.getTime())) return String(seconds);
    const { year, month, day, hour, minute, second } = this.#parts(date);
    return `${year}-${month}-${day} ${hour}:${minute}:${second}`;
  }

  #parts(date: Date): { readonly [type: string]: string } {
    const parts = this.#format.formatToParts(date).map(({ type, value }) => [type, value]);
    return Object.fromEntries(parts);
  }
}
