// What may be told of an address: a token that a page obtained by itself and puts into a query (`wss://…?access_token=…`) is known to no scrubber. Used wherever addresses are written down.

/** The address without the values of its query, its fragment and its user; of `data:` only the type. What is no address stays as it is. */
export function withoutValues(address: string): string {
  const url = URL.parse(address);
  if (url === null) return address;
  if (url.protocol === 'data:') return address.split(',', 1)[0] ?? address;
  if (!/^(?:https?|wss?):$/u.test(url.protocol)) return address;
  const names = [...new Set(url.searchParams.keys())];
  return `${url.protocol}//${url.host}${url.pathname}${names.length === 0 ? '' : `?${names.map((name) => `${name}=…`).join('&')}`}`;
}

/** Every address in a text, as above but for the names in its query. */
export function withoutValuesIn(text: string): string {
  return text.replaceAll(/((?:https?|wss?):\/\/[^\s"'`<>\\?#]+)\?[^\s"'`<>\\]*/gu, '$1?…');
}
