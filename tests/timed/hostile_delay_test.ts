import { equal, ok } from "../assert.ts";
import { hostileSubjects, SOUND, withInstallation, type Work } from "../e2e/hostile_work.ts";
import { LoggedProgram } from "../e2e/logged_program.ts";
import { LONG } from "../e2e/long.ts";
import { stopOutsideTransactions } from "../e2e/stopping.ts";
import { withSlowdown } from "./slowdown.ts";
import { until } from "../e2e/until.ts";
import { MetricsWatch } from "../e2e/watch_metrics.ts";

/** Damaged work beside which sound work is timed, in each round. */
const DAMAGED = LONG ? 1000 : 200;

/** Milliseconds that damaged work may add to the usual time of sound work, on an idle machine. */
const ALLOWANCE = 1000;

/** Rounds in which one must be in time: other programs, which use the disk, too, delay some. */
const MOST_ROUNDS = 3;

const PATIENCE = 60_000;

for (const { who, options, workOf } of hostileSubjects()) {
  Deno.test(`${who} ends sound work in time beside damaged documents, and answers scrapes`, () =>
    withInstallation(options, async (installation) => {
      const work = await workOf(installation);
      const metrics = new MetricsWatch();
      const flags = metrics.flags(options.program);
      const program = new LoggedProgram(installation.start("run", "--verbose", ...flags));
      const delays: number[] = [];
      let [sound, damaged] = [0, 0];
      // What the first work takes also pays for what a program does once.
      const timeSound = () => timeWork(work, sound += SOUND);
      try {
        await program.untilLogged("started");
        await timeSound();
        while (delays.length < MOST_ROUNDS && !(delays.at(-1)! < ALLOWANCE)) {
          const usually = await timeSound();
          await stopOutsideTransactions(program.process, installation);
          damaged += await work.addDamaged(DAMAGED);
          const { length } = program.log;
          metrics.start();
          delays.push(
            await timeWork(work, sound += SOUND, () => program.process.kill("SIGCONT")) - usually,
          );
          await until(work.isDone, PATIENCE, "Not all has ended");
          await metrics.stop();
          if (options.program === "report") checkOrder(program.log.slice(length));
        }
        ok(delays.at(-1)! < ALLOWANCE, `${delays} ms`);
        await work.check(sound, damaged);
      } finally {
        program.process.kill("SIGCONT");
        equal(await program.stop(), 0);
      }
      program.checkOnce();
    }));
}

/**
 * Milliseconds until sound work has ended that is added now, which makes it so much in total; as many
 * as it would be if nothing else used the machine. The program goes on once the work is there.
 */
async function timeWork(work: Work, total: number, goOn = () => {}): Promise<number> {
  const { result, slowdown } = await withSlowdown(async () => {
    await work.addSound();
    goOn();
    const start = performance.now();
    await until(async () => await work.soundDone() === total, PATIENCE, "Sound work goes on");
    return performance.now() - start;
  });
  return result / slowdown;
}

/** Asserts that most of the damaged queries failed only after all sound ones were answered. */
function checkOrder(log: string): void {
  const lines = log.split("\n");
  const last = lines.findLastIndex((line) => /Answered .*status=ready/.test(line));
  const failed = lines.flatMap((line, i) => line.includes("Failed: its document") ? [i] : []);
  const before = failed.filter((i) => i < last).length;
  ok(failed.length > 0, "None failed");
  ok(before < failed.length / 3, `${before} of ${failed.length} failed before the last answer`);
}
