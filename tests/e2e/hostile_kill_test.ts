import { equal } from "../assert.ts";
import { sleep } from "../../lib/sleep.ts";
import { hostileSubjects, MAX_KILLS, SOUND, withInstallation } from "./hostile_work.ts";
import { LoggedProgram } from "./logged_program.ts";
import { LONG } from "./long.ts";
import { until } from "./until.ts";

const DAMAGED = LONG ? 200 : 100;
const KILLS = LONG ? MAX_KILLS : 2;

const PATIENCE = 60_000;

/** Milliseconds of three leases. */
const THREE_LEASES = 3000;

const never = new AbortController().signal;

/** Lets the workers work for some milliseconds. */
function pause(): Promise<void> {
  return sleep(Math.random() * 300, never);
}

/** Stops a worker, and lets it go on: others wait five seconds for a file of which it holds the lock. */
async function stopForThreeLeases({ process }: LoggedProgram): Promise<void> {
  process.kill("SIGSTOP");
  await sleep(THREE_LEASES, never);
  process.kill("SIGCONT");
}

for (const { who, options, workOf } of hostileSubjects()) {
  // One worker is stopped until its leases have run out, while another one is killed again and again.
  Deno.test(`${who}, stopped and killed beside damaged documents, ends each once`, () =>
    withInstallation(options, async (installation) => {
      const work = await workOf(installation);
      const damaged = await work.addDamaged(DAMAGED);
      const all: LoggedProgram[] = [];
      const start = () => {
        const program = new LoggedProgram(installation.start("run"));
        all.push(program);
        return program;
      };
      const [stopped, first] = [start(), start()];
      let victim = first;
      try {
        for (const each of [stopped, victim]) await each.untilLogged("started");
        await work.addSound();
        await pause();
        const goesOn = stopForThreeLeases(stopped);
        for (let kills = 0; kills < KILLS; kills++) {
          await work.addSound();
          await pause();
          await victim.kill();
          victim = start();
          await victim.untilLogged("started");
        }
        await goesOn;
        await until(work.isDone, PATIENCE, "Not all has ended");
      } finally {
        for (const worker of [stopped, victim]) equal(await worker.stop(), 0);
      }
      await work.check((1 + KILLS) * SOUND, damaged);
      for (const program of all) program.checkOnce();
    }));
}
