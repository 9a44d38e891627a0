/** What a process holds at a moment. */
export type Sample = {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** MiB of RAM, all in all. */
  readonly resident: number;
  /**
   * MiB of RAM that are its own. The rest of `resident` is files: the executable and the mapped
   * database, of which the kernel keeps in RAM what it likes.
   */
  readonly own: number;
  /** Files and connections that are open. */
  readonly files: number;
};

/** Looks at a process, on Linux. */
export function sample(pid: number): Sample {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  const mebibytes = (name: string) => {
    const [, kibibytes] = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status) ?? [];
    if (kibibytes === undefined) throw new Error(`Process ${pid} has no ${name}`);
    return Number(kibibytes) / 1024;
  };
  return {
    time: Date.now(),
    resident: mebibytes("VmRSS"),
    own: mebibytes("RssAnon"),
    files: [...Deno.readDirSync(`/proc/${pid}/fd`)].length,
  };
}

/** How many MiB of its own a process gains in an hour: the slope of the line of least squares. */
export function gainOf(samples: readonly Sample[]): number {
  const hours = ({ time }: Sample) => (time - samples[0]!.time) / 3_600_000;
  const [meanTime, meanOwn] = [mean(samples, hours), mean(samples, ({ own }) => own)];
  return mean(samples, (one) => (hours(one) - meanTime) * (one.own - meanOwn)) /
    mean(samples, (one) => (hours(one) - meanTime) ** 2);
}

function mean(samples: readonly Sample[], value: (sample: Sample) => number): number {
  return samples.reduce((sum, one) => sum + value(one), 0) / samples.length;
}
