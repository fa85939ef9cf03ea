"""FastAPI and Mangum, hello world: what all ratios are relative to (1.00)."""

from fastapi import FastAPI
from mangum import Mangum

app = FastAPI()


@app.get("/hello")
async def hello():
    return {"message": "hello"}


handler = Mangum(app, lifespan="off")
