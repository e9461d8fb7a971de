# An image that holds the program and nothing to build it with:
#   docker build -t mongoward . && docker run --rm -v "$PWD:/work" mongoward policy lint
FROM node:24-alpine@sha256:a0b9bf06e4e6193cf7a0f58816cc935ff8c2a908f81e6f1a95432d679c54fbfd AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM node:24-alpine@sha256:a0b9bf06e4e6193cf7a0f58816cc935ff8c2a908f81e6f1a95432d679c54fbfd
LABEL org.opencontainers.image.title="mongoward" \
      org.opencontainers.image.description="MongoDB access control as files: lint policies, plan and apply migrations, report drift" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /build/package.json /opt/mongoward/package.json
COPY --from=build /build/node_modules /opt/mongoward/node_modules
COPY --from=build /build/dist /opt/mongoward/dist
COPY --from=build /build/docs/rules /opt/mongoward/docs/rules
COPY --from=build /build/policies /opt/mongoward/policies
COPY --from=build /build/templates /opt/mongoward/templates
COPY --from=build /build/schema /opt/mongoward/schema
RUN ln -s /opt/mongoward/dist/cli/main.js /usr/local/bin/mongoward
USER node
WORKDIR /work
ENTRYPOINT ["mongoward"]
CMD ["policy", "lint"]
