/** The resources that a process uses at one moment. */
export type ResourceSample = {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** MiB of RAM in total. */
  readonly resident: number;
  /**
   * MiB of RAM that are private to the process. The rest of `resident` is files: the executable and
   * the mapped database, of which the kernel keeps as much in RAM as it likes.
   */
  readonly own: number;
  /** Number of open files and connections. */
  readonly files: number;
};

/** Measures the resources of a process, on Linux. */
export function sampleResources(pid: number): ResourceSample {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  const mebibytes = (name: string) => {
    const [, kibibytes] = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status) ?? [];
    if (kibibytes === undefined) {
      throw new Error(`Cannot measure process ${pid}: it has no ${name}`);
    }
    return Number(kibibytes) / 1024;
  };
  return {
    time: Date.now(),
    resident: mebibytes("VmRSS"),
    own: mebibytes("RssAnon"),
    files: [...Deno.readDirSync(`/proc/${pid}/fd`)].length,
  };
}

/** MiB of private memory that a process gains per hour: the slope of a least-squares fit. */
export function hourlyGain(samples: readonly ResourceSample[]): number {
  const hours = ({ time }: ResourceSample) => (time - samples[0]!.time) / 3_600_000;
  const [meanTime, meanOwn] = [mean(samples, hours), mean(samples, ({ own }) => own)];
  return mean(samples, (one) => (hours(one) - meanTime) * (one.own - meanOwn)) /
    mean(samples, (one) => (hours(one) - meanTime) ** 2);
}

function mean(
  samples: readonly ResourceSample[],
  value: (sample: ResourceSample) => number,
): number {
  return samples.reduce((sum, one) => sum + value(one), 0) / samples.length;
}
