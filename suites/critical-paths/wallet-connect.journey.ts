// Somebody connects a wallet: its address is stored, and is there the next time (plan §0.1.3).
import { locate } from '../instruments/browser/locate.ts';
import { dataOf, rowsOf } from './answers.ts';
import { described, expect, test } from './journey.ts';
import { injectWallet } from './wallet.ts';
import { sessionOf } from './world.ts';
import { addressOf, removeWritten } from './written.ts';

test('a wallet is connected by its address and stays so', async ({ page, world, http, tools, account, tag, go, undo }) => {
  const { path, connect, connections } = described(world, 'wallet-connect');
  const address = addressOf(world.tag, tag);
  const stored = async (): Promise<readonly string[]> => {
    const { json } = await http.send({ path: connections, as: sessionOf(account) });
    return rowsOf(dataOf(json)).map((row) => String(row['address']).toLowerCase());
  };
  undo(`the connection of ${address}`, () => removeWritten(tools, (text) => text.toLowerCase() === address));
  await injectWallet(page, address);

  await go(path);
  await locate(page, connect).click();
  await expect.poll(stored, 'the connection is stored with the address of the wallet').toContain(address);
  await page.reload();
  // Pages leave the middle of an address out.
  await expect(page.getByText(new RegExp(`${address.slice(0, 6)}.*${address.slice(-4)}`, 'i')).first(), 'the address is shown after a reload').toBeVisible();
});
