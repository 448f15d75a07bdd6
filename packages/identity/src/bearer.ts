/** The token of an `Authorization: Bearer …` header, or undefined if it is no such header. */
export const bearerToken = (header: string | undefined): string | undefined =>
  header === undefined ? undefined : /^Bearer ([\w~+/.=-]{1,4096})$/i.exec(header)?.[1];

/** Header in which the gateway hands the viewer on to subgraphs; absent for nobody signed in. */
export const VIEWER_HEADER = 'x-marquee-viewer';
