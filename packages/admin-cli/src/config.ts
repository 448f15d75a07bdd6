/** What the environment says; the command line goes first. */
export interface AdminEnvironment {
  /** An admin's token. */
  readonly token: string | undefined;
  /** Comma-separated URLs of NameNodes. */
  readonly urls: string | undefined;
  /** Where `npm start` keeps its data. */
  readonly dataDir: string;
}

export const loadAdminEnvironment = (
  environment: Readonly<Record<string, string | undefined>> = process.env,
): AdminEnvironment => ({
  token: environment.MARQUEE_ADMIN_TOKEN,
  urls: environment.NAMENODE_URLS,
  dataDir: environment.MARQUEE_DATA_DIR ?? '.marquee',
});
