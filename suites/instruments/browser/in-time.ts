// Whether something happened within the time that the browser was given for it.

/** A time limit of the browser is no error, anything else is thrown. */
export async function inTime(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError') return false;
    throw error;
  }
}
