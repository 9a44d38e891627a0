import manifest from "./deno.json" with { type: "json" };
import { configCommand } from "./lib/cli/config.ts";
import { KEYS_CHECK, placesCheck, storeCheck } from "./lib/cli/checks.ts";
import { doctorCommand } from "./lib/cli/doctor.ts";
import { runProgram } from "./lib/cli/program.ts";
import { lookupCommand } from "./lib/cli/report/lookup.ts";
import { orgsCommand } from "./lib/cli/report/orgs.ts";
import { quarantineCommand } from "./lib/cli/report/quarantine.ts";
import { queryCommand } from "./lib/cli/report/query.ts";
import { runCommand } from "./lib/cli/report/run.ts";
import { serveCommand } from "./lib/cli/report/serve.ts";
import { statusCommand } from "./lib/cli/report/status.ts";
import { USERS_CHECK, usersCommand } from "./lib/cli/report/users.ts";
import { databases } from "./stores.ts";

const code = await runProgram({
  name: "report",
  description: "Answer queries from the archive of TAHOE instances: count, related, threatrank.",
  version: manifest.version,
  examples: [
    "report users add analyst@example.com --org example",
    "report query related ipv4 203.0.113.7 --now",
    "report lookup indicators.txt",
    "report run",
    "report serve",
    "report status",
  ],
  commands: [
    runCommand,
    queryCommand,
    lookupCommand,
    serveCommand,
    statusCommand,
    quarantineCommand,
    usersCommand,
    orgsCommand,
    doctorCommand([
      placesCheck(["archive", "identity", "report"]),
      storeCheck("archive", "archive"),
      storeCheck("identity", "identity"),
      USERS_CHECK,
      storeCheck("reports and queries", "report"),
      KEYS_CHECK,
    ]),
    configCommand,
  ],
  defaultCommand: "run",
  databases,
  exit: Deno.exit,
}, Deno.args);
Deno.exit(code);
