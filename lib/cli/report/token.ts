import type { Command } from "commander";
import { findUser } from "../../identity/user.ts";
import { issueToken } from "../../identity/token.ts";
import { newCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { didYouMean } from "../did_you_mean.ts";
import { userEmails } from "./members.ts";

export function userTokenCommand(context: Context): Command {
  return newCommand("token", "print a token with which a user's programs ask and upload", [
    "report users token analyst@example.com",
    'curl -H "Authorization: Bearer $(report users token analyst@example.com)" \\\n' +
    "    http://127.0.0.1:8480/user/info/self",
  ])
    .argument("<email>", "the user's e-mail address")
    .addHelpText(
      "after",
      "\nKeep it secret: whoever has it is that user. It is valid until the user is removed, or\n" +
        "identity.secret is changed.",
    )
    .action((email: string) => printToken(context, email));
}

async function printToken(context: Context, email: string): Promise<void> {
  const { identity } = await context.stores("identity");
  const user = await findUser(identity, email);
  if (user === undefined) {
    throw new Error(
      `Cannot make a token for ${email}: there is no such user.` +
        `${didYouMean(email, await userEmails(identity))} To list the users: report users list`,
    );
  }
  const { identity: { secret } } = await context.config();
  const token = await issueToken(user, secret);
  context.show({ email, token }, () => token);
}
