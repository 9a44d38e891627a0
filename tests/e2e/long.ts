/** Whether tests take the large numbers that `deno task test:long` asks for. */
export const long = Deno.env.get("CYBEXP_TEST_LONG") !== undefined;
