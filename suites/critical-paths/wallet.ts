// A wallet such as MetaMask puts into every page (EIP-1193), with one account and no person who must agree. Used by wallet-connect.
import type { Page } from '@playwright/test';

/** Arbitrum One, where NaaP's contracts are. */
const CHAIN_ID = 42_161;

/** Must be awaited before the page is sent anywhere. */
export async function injectWallet(page: Page, address: string): Promise<void> {
  await page.addInitScript(
    ({ account, chainId }) => {
      const answers: Readonly<Record<string, unknown>> = {
        eth_requestAccounts: [account],
        eth_accounts: [account],
        eth_chainId: `0x${chainId.toString(16)}`,
        net_version: String(chainId),
        wallet_switchEthereumChain: null,
      };
      const request = async ({ method }: { method: string }): Promise<unknown> => {
        // EIP-1193: 4200, the method is not supported.
        if (!(method in answers)) throw Object.assign(new Error(`This wallet knows no ${method}.`), { code: 4200 });
        return answers[method];
      };
      const ignore = (): void => undefined;
      Object.assign(globalThis, { ethereum: { isMetaMask: true, request, on: ignore, removeListener: ignore } });
    },
    { account: address, chainId: CHAIN_ID },
  );
}
