import swagger from '@fastify/swagger';
import { MarqueeError, toProblem } from '@marquee/errors';
import { createHttpService, type Logger, type ReadinessCheck } from '@marquee/service-kit';
import type { Clock } from '@marquee/slot-protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod';
import type { Leadership } from '../leader/leadership.ts';
import type { MapSource } from '../served-map/map-source.ts';
import { createAuthenticator, type Caller, type Credentials } from './authenticate.ts';
import { directoryRoutes, type DirectoryRoutesOptions } from './directory-routes.ts';
import { leaderRoutes } from './leader-routes.ts';
import { locateRoutes } from './locate-routes.ts';
import type { Maintenance } from '../operations/maintenance.ts';
import { maintenanceRoutes } from './maintenance-routes.ts';
import { addNameNodeMetrics } from './name-node-metrics.ts';
import { operationRoutes, type OperationRoutesOptions } from './operation-routes.ts';
import { passOn } from './pass-on.ts';
import { MutationHeaders } from './operation-schemas.ts';
import { quarantineRoutes } from './quarantine-routes.ts';
import { rebuildRoutes, type RebuildRoutesOptions } from './rebuild-routes.ts';
import { requireVersion } from './require-version.ts';
import { ProblemBody } from './schemas.ts';
import { shardConfigurationRoutes } from './shard-configuration-routes.ts';
import { shardMapRoutes, VERSION_HEADER } from './shard-map-routes.ts';

/** A key of 512 bytes, each of them percent-encoded, and room to say that a longer one is too long. */
const PATH_PARAMETER_MAX_CHARACTERS = 4_096;

declare module 'fastify' {
  interface FastifyRequest {
    /** Set for everything under /v1. */
    caller: Caller;
  }
}

export interface HttpApiOptions
  extends DirectoryRoutesOptions, OperationRoutesOptions, RebuildRoutesOptions {
  readonly logger: Logger;
  readonly credentials: Credentials;
  readonly maps: MapSource;
  readonly leadership: Leadership;
  readonly maintenance: Maintenance;
  readonly clock: Clock;
  readonly readiness: Readonly<Record<string, ReadinessCheck>>;
}

/** The NameNode's HTTP API: `/v1`, described by `/openapi.json`. */
export const createHttpApi = async (options: HttpApiOptions): Promise<FastifyInstance> => {
  const { app, metrics } = createHttpService({
    logger: options.logger,
    readiness: options.readiness,
    fastify: {
      routerOptions: { maxParamLength: PATH_PARAMETER_MAX_CHARACTERS },
      frameworkErrors: (error, request, reply) => {
        const refusal = new MarqueeError('BAD_USER_INPUT', {}, { message: error.message });
        const problem = toProblem(refusal, request.id);
        void (reply as FastifyReply)
          .status(problem.status)
          .type('application/problem+json')
          .send(problem);
      },
    },
  });
  const { desk, follower, healthOf, leadership, maps } = options;
  addNameNodeMetrics({
    metrics,
    state: () => follower.state,
    isLeader: () => leadership.isLeader,
    isMetadataReachable: () => leadership.isMetadataReachable,
    healthOf,
    lagOf: (shard, cluster) => desk.lagOf(shard, cluster),
    waiterCount: () => maps.waiterCount,
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Marquee NameNode',
        version: '1',
        description: 'Who owns which key, over several separate MongoDB clusters.',
      },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
      security: [{ bearer: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());

  const authenticate = createAuthenticator(options.credentials, () => options.clock.now());
  await app.register(
    (v1, _options, done) => {
      v1.decorateRequest('caller');
      v1.addHook('onRoute', (route) => {
        const response = route.schema?.response as object | undefined;
        const problems = { '4xx': ProblemBody, '5xx': ProblemBody };
        route.schema = { ...route.schema, response: { ...response, ...problems } };
      });
      v1.addHook('onRequest', (request, _reply, next) => {
        identify(authenticate, request, next);
      });
      v1.addHook('onSend', (_request, reply, _payload, next) => {
        const { lastEdit } = options.follower.state;
        if (!reply.hasHeader(VERSION_HEADER)) void reply.header(VERSION_HEADER, lastEdit);
        next();
      });
      v1.register(locateRoutes(options.maps));
      v1.register(shardMapRoutes(options.maps));
      v1.register(directoryRoutes(options));
      v1.register(leaderRoutes(options));
      v1.register((mutations, _none, ready) => {
        mutations.addHook('onRoute', (route) => {
          if (route.method === 'GET') return;
          route.schema = { headers: MutationHeaders, ...route.schema };
        });
        mutations.addHook('preHandler', async (request, reply) => {
          const { follower, leadership } = options;
          if (request.method === 'GET') return;
          if (!leadership.isLeader) {
            await passOn(request, reply, leadership.leaderUrl);
            return;
          }
          // Known to be down: nobody need wait until it does not answer once more.
          if (!leadership.isMetadataReachable) throw new MarqueeError('METADATA_UNAVAILABLE');
          requireVersion(request.headers['if-match'], follower.state.lastEdit);
        });
        mutations.register(operationRoutes(options));
        mutations.register(maintenanceRoutes(options));
        mutations.register(quarantineRoutes(options));
        mutations.register(shardConfigurationRoutes(options));
        mutations.register(rebuildRoutes(options));
        ready();
      });
      done();
    },
    { prefix: '/v1' },
  );
  // Long polls are answered, not cut, when the service drains.
  app.addHook('preClose', async () => {
    options.maps.close();
    return Promise.resolve();
  });
  return app;
};

// With callbacks: a token that is remembered costs the request no turn of the event loop.
const identify = (
  authenticate: (header: string | undefined) => Caller | Promise<Caller>,
  request: FastifyRequest,
  next: (error?: Error) => void,
): void => {
  const accept = (caller: Caller): void => {
    request.caller = caller;
    next();
  };
  try {
    const caller = authenticate(request.headers.authorization);
    if (caller instanceof Promise) caller.then(accept, next);
    else accept(caller);
  } catch (error) {
    next(error as Error);
  }
};
