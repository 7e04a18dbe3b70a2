# Coverall in one image. The builder has pip; what is served has only the environment it made, and is not root.

FROM python:3.11-slim AS builder
WORKDIR /srv/coverall
RUN python -m venv /opt/venv
COPY requirements.lock ./
RUN /opt/venv/bin/python -m pip install --require-hashes -r requirements.lock
COPY pyproject.toml ./
COPY app app
RUN /opt/venv/bin/python -m pip install --no-deps --no-build-isolation -e .

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /data --create-home --shell /usr/sbin/nologin coverall
WORKDIR /srv/coverall
COPY --from=builder /opt/venv /opt/venv
COPY pyproject.toml ./
COPY app app
COPY migrations migrations
COPY courses courses
COPY static static
COPY templates templates
ENV PATH=/opt/venv/bin:$PATH
ENV PYTHONUNBUFFERED=1
ENV COVERALL_DATA_DIR=/data
ENV COVERALL_ENV=production
USER 10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["coverall", "serve", "--host", "0.0.0.0", "--port", "8000"]
