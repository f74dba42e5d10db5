// Lets a configuration import 'naap-gate' wherever it lies: the package that reads it answers, whether or not one is installed beside it. Called by read-config.
import { registerHooks } from 'node:module';

const NAME = 'naap-gate';

/** Runs `load` while the name leads here. */
export async function withOwnPackage<Result>(load: () => Promise<Result>): Promise<Result> {
  const url = import.meta.resolve(NAME);
  const hooks = registerHooks({
    resolve: (specifier, context, next) => (specifier === NAME ? { url, shortCircuit: true } : next(specifier, context)),
  });
  try {
    return await load();
  } finally {
    hooks.deregister();
  }
}
