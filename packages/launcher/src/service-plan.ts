import type { Options } from './options.ts';
import type { Ports } from './ports.ts';
import { nodeProgram, type ProcessSpec } from './processes/process-spec.ts';
import type { Secrets } from './secrets.ts';

export const SUBGRAPHS = ['movies', 'person', 'users', 'interactions'] as const;

const urlOf = (ports: Ports, name: string): string => `http://127.0.0.1:${ports[name] ?? 0}`;

export const nameNodeNames = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `namenode-${i + 1}`);

export interface ServicePlan {
  readonly nameNodes: readonly ProcessSpec[];
  readonly subgraphs: readonly ProcessSpec[];
  readonly gateway: ProcessSpec;
  readonly urls: {
    readonly gateway: string;
    readonly nameNodes: readonly string[];
    readonly subgraphs: Readonly<Record<string, string>>;
  };
}

/** What runs besides the clusters, each process with the secrets that it needs and no others. */
export const planServices = (input: {
  readonly root: string;
  readonly options: Options;
  readonly ports: Ports;
  readonly secrets: Secrets;
  readonly clustersFile: string;
  readonly environment: Readonly<Record<string, string>>;
}): ServicePlan => {
  const { root, options, ports, secrets, clustersFile } = input;
  const nameNodes = nameNodeNames(options.nameNodes);
  const urls = {
    gateway: urlOf(ports, 'gateway'),
    nameNodes: nameNodes.map((name) => urlOf(ports, name)),
    subgraphs: Object.fromEntries(SUBGRAPHS.map((name) => [name, `${urlOf(ports, name)}/graphql`])),
  };
  const service = (
    name: string,
    script: string,
    env: Readonly<Record<string, string>>,
  ): ProcessSpec => ({
    ...nodeProgram(root, {
      name,
      script,
      env: {
        ...input.environment,
        PORT: String(ports[name] ?? 0),
        INSTANCE_NAME: name,
        DETECTION_TIME_MS: String(options.detectionTimeMs),
        MARQUEE_SERVICE_SECRET_FILE: secrets.serviceSecret,
        ...env,
      },
    }),
    saysListening: (line) => line.includes('"event":"listening"'),
    readyUrl: `${urlOf(ports, name)}/readyz`,
  });
  const data = { MARQUEE_CLUSTERS_FILE: clustersFile };
  return {
    urls,
    nameNodes: nameNodes.map((name) =>
      service(name, 'namenode-service/dist/main.js', {
        ...data,
        MARQUEE_USER_TOKEN_PUBLIC_KEY_FILE: secrets.userTokenPublicKey,
      }),
    ),
    subgraphs: SUBGRAPHS.map((name) =>
      service(name, `subgraphs/${name}/dist/main.js`, {
        ...data,
        NAMENODE_URLS: urls.nameNodes.join(','),
        MARQUEE_VIEWER_PUBLIC_KEY_FILE: secrets.viewerPublicKey,
        ...(name === 'users'
          ? { MARQUEE_USER_TOKEN_PRIVATE_KEY_FILE: secrets.userTokenPrivateKey }
          : {}),
      }),
    ),
    gateway: service('gateway', 'gateway/dist/main.js', {
      MARQUEE_USER_TOKEN_PUBLIC_KEY_FILE: secrets.userTokenPublicKey,
      MARQUEE_VIEWER_PRIVATE_KEY_FILE: secrets.viewerPrivateKey,
      ...Object.fromEntries(
        SUBGRAPHS.map((name) => [`SUBGRAPH_${name.toUpperCase()}_URL`, urls.subgraphs[name] ?? '']),
      ),
    }),
  };
};
