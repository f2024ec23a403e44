import json
import os
import re
import signal
import sys
import time

from t2v import VERSION, behaviour, emit, fail, film, log, once, options

if os.environ.get("RANK", "0") != "0":
    sys.exit(0)
given = options(sys.argv[1:])
wish = behaviour("train")
log("train.log", json.dumps({"given": given, "world": os.environ.get("WORLD_SIZE", "1")}))
out, steps, every = given["output_dir"], int(given.get("max_train_steps", 10)), int(given.get("checkpointing_steps", 4))
os.makedirs(out, exist_ok=True)
stop = []
signal.signal(signal.SIGTERM, lambda *_: stop.append(1))
print("text for people", file=sys.stderr, flush=True)

step, resumed = 0, given.get("resume_from_checkpoint")
if resumed:
    step = int(open(os.path.join(resumed, "state.txt"), encoding="utf-8").read())
emit("start", step=step, steps=steps, parameters=100, trainable=10, world_size=int(os.environ.get("WORLD_SIZE", "1")), device="cpu", resumed_from=resumed, code_version=VERSION)


def checkpoint():
    folder = os.path.join(out, f"checkpoint-{step}")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "state.txt"), "w", encoding="utf-8") as file:
        file.write(str(step))
    emit("checkpoint", step=step, path=folder)


while step < steps:
    step += 1
    time.sleep(wish.get("seconds", 0))
    if step == wish.get("nan_at"):
        emit("step", step=step, steps=steps, loss=float("nan"), lr=1e-4)
        time.sleep(60)
    if step == wish.get("error_at"):
        fail(wish["error"], "the training was told to fail", step=step, hint="a hint")
    if step == wish.get("die_always_at") or step == wish.get("die_at") and once("die"):
        print("about to die", file=sys.stderr, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    if step == wish.get("hang_at") and once("hang"):
        time.sleep(600)
    emit("step", step=step, steps=steps, loss=1 / step, lr=1e-4, grad_norm=0.5, seconds=0.01, samples_per_second=100.0, memory_mb=50.0)
    if stop:
        checkpoint()
        fail("interrupted", "stopped as asked", step=step)
    if step % every == 0:
        checkpoint()
    if "validation_prompts" in given and step % int(given.get("validation_steps", 5)) == 0:
        for prompt in open(given["validation_prompts"], encoding="utf-8").read().splitlines():
            path = os.path.join(out, f"validation-{step}-{re.sub('[^a-z]', '-', prompt)}.mp4")
            with open(path, "wb") as file:
                file.write(film(wish, [prompt, step]))
            emit("validation", step=step, prompt=prompt, seed=12345, path=path)

model = os.path.join(out, "model")
os.makedirs(model, exist_ok=True)
with open(os.path.join(model, "config.json"), "w", encoding="utf-8") as file:
    json.dump({"steps": steps}, file)
emit("done", step=step, path=model, loss=1 / step, seconds=1.0)
