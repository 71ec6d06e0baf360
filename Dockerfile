# syntax=docker/dockerfile:1
FROM python:3.12-slim

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_ROOT_USER_ACTION=ignore

WORKDIR /app

# What the page needs at run time, at the versions of the lock; test tools stay out.
COPY pyproject.toml requirements.txt ./
RUN python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['dependencies'], sep='\n')" > /tmp/runtime.txt \
    && pip install --no-cache-dir --requirement /tmp/runtime.txt --constraint requirements.txt \
    && rm /tmp/runtime.txt

COPY LICENSE README.md CHANGELOG.md app.py ./
COPY .streamlit/config.toml .streamlit/config.toml
COPY data data
COPY decision decision
RUN python -m compileall -q decision

RUN useradd --system --uid 10001 --create-home page
USER page

ENV STREAMLIT_SERVER_ADDRESS=0.0.0.0 \
    STREAMLIT_SERVER_PORT=8501 \
    STREAMLIT_SERVER_HEADLESS=true \
    STREAMLIT_SERVER_FILE_WATCHER_TYPE=none \
    STREAMLIT_BROWSER_GATHER_USAGE_STATS=false

EXPOSE 8501

# The health address moves with the base path; any other unknown path answers 200, so only this one is worth asking.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 CMD ["python", "-c", "\
import os, sys, urllib.request as web; \
port = os.environ['STREAMLIT_SERVER_PORT']; base = os.environ.get('STREAMLIT_SERVER_BASE_URL_PATH', '').strip('/'); \
url = f'http://127.0.0.1:{port}/' + (base + '/' if base else '') + '_stcore/health'; \
sys.exit(web.urlopen(url, timeout=4).read() != b'ok')"]

CMD ["streamlit", "run", "app.py"]
