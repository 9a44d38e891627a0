/** Whether tests use the large numbers of `deno task test:long`. */
export const LONG = Deno.env.get("CYBEXP_TEST_LONG") !== undefined;
