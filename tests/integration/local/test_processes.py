"""A function's processes, without a gateway in front."""

import asyncio
import os
import signal
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from infra.local import processes
from infra.local.processes import FunctionTimeout, Invocation, Pool, Program, Zygote


@pytest.fixture(scope="module")
def zygote(tmp_path_factory):
    with Zygote(log=tmp_path_factory.mktemp("zygote") / "log") as started:
        yield started


@pytest.fixture
def make_pool(zygote, tmp_path):
    @asynccontextmanager
    async def make(toy, most=4, seconds=60):
        environment = {
            "PATH": os.environ["PATH"],
            "AWS_LAMBDA_FUNCTION_NAME": toy,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
            "AWS_LAMBDA_LOG_GROUP_NAME": "x",
        }
        program = Program(
            name=toy,
            handler=f"toys.{toy}.handler.handler",
            environment=environment,
            arn="arn",
            log=tmp_path / "log",
            timeout=seconds,
            path=(str(Path(__file__).parent),),
            most=most,
        )
        pool = Pool(zygote, program)
        yield pool
        await pool.close()

    return make


def _call(word, query=""):
    return Invocation({"rawPath": f"/{word}", "rawQueryString": query}, "id", 0)


def test_one_process_serves_calls_that_follow_each_other(make_pool):
    async def run():
        async with make_pool("echo") as pool:
            return [(await pool.invoke(_call("echo")))["pid"] for _ in range(3)], pool.size

    pids, size = asyncio.run(run())

    assert len(set(pids)) == size == 1


def test_calls_beyond_the_limit_wait_their_turn(make_pool):
    async def run():
        async with make_pool("echo", most=2) as pool:
            return await asyncio.gather(*(pool.invoke(_call("slow", "0.1")) for _ in range(6)))

    assert len({answer["pid"] for answer in asyncio.run(run())}) == 2


def test_a_caller_that_gives_up_while_waiting_takes_no_place_with_it(make_pool):
    async def run():
        async with make_pool("echo", most=1) as pool, asyncio.timeout(60):
            first = asyncio.create_task(pool.invoke(_call("slow", "0.3")))
            await asyncio.sleep(0.05)
            second = asyncio.create_task(pool.invoke(_call("slow", "0.3")))
            await asyncio.sleep(0.05)
            second.cancel()
            await first
            return await pool.invoke(_call("echo"))

    assert asyncio.run(run())["function"] == "echo"


def test_the_context_counts_down_to_the_timeout(make_pool):
    async def run():
        async with make_pool("echo") as pool:
            return await pool.invoke(_call("slow", "0.2"))

    assert 0 < asyncio.run(run())["left"] <= 59_800


def test_a_function_that_cannot_be_loaded_in_time_is_killed(make_pool, monkeypatch):
    monkeypatch.setattr(processes, "INIT_SECONDS", 0.5)

    async def run():
        async with make_pool("hanger") as pool, asyncio.timeout(60):
            with pytest.raises(FunctionTimeout):
                await pool.invoke(_call("x"))

    asyncio.run(run())


def test_a_dead_zygote_is_replaced(zygote, make_pool):
    os.kill(zygote.pid, signal.SIGKILL)
    os.waitid(os.P_PID, zygote.pid, os.WEXITED | os.WNOWAIT)

    async def run():
        async with make_pool("echo") as pool:
            return await pool.invoke(_call("echo"))

    assert asyncio.run(run())["function"] == "echo"
