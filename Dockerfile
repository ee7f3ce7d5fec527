# One image for the web service, the worker and every command. It holds no setting and no secret.

FROM node:22-slim AS front
WORKDIR /front
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
RUN mkdir vendor \
 && cp node_modules/htmx.org/dist/htmx.min.js vendor/htmx.min.js \
 && cp node_modules/htmx.org/LICENSE vendor/htmx.LICENSE \
 && cp node_modules/swagger-ui-dist/swagger-ui.css node_modules/swagger-ui-dist/swagger-ui-bundle.js vendor \
 && cp node_modules/swagger-ui-dist/LICENSE vendor/swagger-ui.LICENSE \
 && cp node_modules/leaflet/dist/leaflet.js node_modules/leaflet/dist/leaflet.css vendor \
 && cp node_modules/leaflet/LICENSE vendor/leaflet.LICENSE \
 && cp node_modules/world-atlas/countries-10m.json vendor \
 && cp node_modules/world-atlas/LICENSE vendor/world-atlas.LICENSE

FROM python:3.12-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
WORKDIR /app
COPY requirements.lock ./
RUN /opt/venv/bin/pip install --require-hashes -r requirements.lock
COPY pyproject.toml README.md ./
COPY carpool ./carpool
COPY api ./api
RUN /opt/venv/bin/pip install --no-deps --no-build-isolation --editable . \
 && /opt/venv/bin/python -m compileall -q api carpool \
 && /opt/venv/bin/python -m carpool.solver.warm

FROM python:3.12-slim
ENV PATH="/opt/venv/bin:$PATH" PYTHONUNBUFFERED=1 CARPOOL_HOST=0.0.0.0 CARPOOL_DATA=/data
# The data folder is used only without CARPOOL_DATABASE_URL, by the embedded database.
RUN useradd --system --uid 10001 --no-create-home carpool && install -d -m 700 -o carpool /data /backups
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
COPY --from=front /front/vendor /app/api/static/vendor
WORKDIR /app
# What a machine of another kind compiles anew is kept here, too.
RUN chown -R carpool carpool/solver/kernels/__pycache__
USER carpool
EXPOSE 8000
# Of the web service, which is what runs unless a command is named. It asks for no database: one that is away comes back, and
# meanwhile the pages keep what people typed. `docker-compose.yml` has a check for each part.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import http.client as h; c = h.HTTPConnection('127.0.0.1:8000', timeout=4); c.request('GET', '/health'); exit(c.getresponse().status != 200)"]
CMD ["python", "-m", "api", "serve"]
