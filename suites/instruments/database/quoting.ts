// SQL names and literals written safely into statements that take no parameters (COPY). Used by the data checks.
import pg from 'pg';

export const quoteName = (name: string): string => pg.escapeIdentifier(name);
export const quoteLiteral = (text: string): string => pg.escapeLiteral(text);
export const quoteTable = ({ schema, table }: { readonly schema: string; readonly table: string }): string => `${quoteName(schema)}.${quoteName(table)}`;
