#!/usr/bin/env python3
"""Exports the actor of an actor.pth to ONNX, and compares what both make of the same observations."""
import inspect
import pathlib
import sys

TOLERANCE = 1e-5
OBSERVATIONS = 256


def fail(words):
    sys.exit(f"export.py: {words}")


try:
    import torch
except ImportError as error:
    fail(f"{error}. Install PyTorch: `apt-get install python3-torch`, or `pip install torch onnx onnxruntime`.")


def read_actor(path):
    """The network of three layers that the pipeline knows as actor.pth."""
    if not path.is_file():
        fail(f"there is no file {path}. Name the actor.pth of a trial.")
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)  # reads tensors, runs nothing
    except Exception as error:  # torch tells damaged files in many ways
        # what precedes is the advice to load it all the same, which might run code
        fail(f"{path} is no state dictionary of PyTorch ({str(error).split('error: ')[-1]}). Save actor.state_dict().")
    weights = {}
    for layer in (0, 2, 4):
        for kind, dimensions in (("weight", 2), ("bias", 1)):
            name = f"net.{layer}.{kind}"
            if not isinstance(state, dict) or not isinstance(state.get(name), torch.Tensor):
                fail(f"{path} has no {name}. It has to be the actor: three linear layers, net.0, net.2 and net.4.")
            if state[name].dim() != dimensions:
                fail(f"{path}: {name} has the shape {tuple(state[name].shape)}, but {dimensions} dimensions are wanted.")
            weights[name] = state[name].float()
    below = None
    for layer in (0, 2, 4):
        weight, bias = weights[f"net.{layer}.weight"], weights[f"net.{layer}.bias"]
        if weight.shape[0] != bias.shape[0] or below not in (None, weight.shape[1]):
            fail(f"{path}: net.{layer}.weight of shape {tuple(weight.shape)} does not fit the bias beside it or the"
                 f" layer below.")
        below = weight.shape[0]
    network = torch.nn.Sequential(
        torch.nn.Linear(*reversed(weights["net.0.weight"].shape)), torch.nn.ReLU(),
        torch.nn.Linear(*reversed(weights["net.2.weight"].shape)), torch.nn.ReLU(),
        torch.nn.Linear(*reversed(weights["net.4.weight"].shape)))
    network.load_state_dict({name[len("net."):]: tensor for name, tensor in weights.items()})
    # the bound of the actions belongs into the graph: docs/models.md
    return torch.nn.Sequential(network, torch.nn.Tanh()).eval()


def export(actor, observation, path):
    # the exporter by tracing; newer versions of torch have to be asked for it
    asked = {"dynamo": False} if "dynamo" in inspect.signature(torch.onnx.export).parameters else {}
    try:
        torch.onnx.export(
            actor, observation[:1], str(path), input_names=["state"], output_names=["action"],
            dynamic_axes={"state": {0: "batch"}, "action": {0: "batch"}}, **asked)
    except OSError as error:
        fail(f"cannot write {path}: {error}")
    except RuntimeError as error:  # a directory that is not there, in the words of torch's C++
        fail(f"cannot write {path}, or PyTorch cannot export: {error}")


def actions_of(path, observation):
    """What the file gives, computed without torch; None if nothing here can compute it."""
    try:
        import onnxruntime
        return "ONNX Runtime", onnxruntime.InferenceSession(str(path)).run(None, {"state": observation})[0]
    except ImportError:
        pass
    try:
        import numpy
        import onnx.numpy_helper
    except ImportError:
        return None, None
    graph = onnx.load(str(path)).graph
    values = {each.name: onnx.numpy_helper.to_array(each) for each in graph.initializer}
    values[graph.input[0].name] = observation
    for node in graph.node:
        given = [values[name] for name in node.input]
        if node.op_type == "Gemm":  # as PyTorch writes a linear layer: the weights transposed
            values[node.output[0]] = given[0] @ given[1].T + given[2]
        elif node.op_type == "Relu":
            values[node.output[0]] = numpy.maximum(given[0], 0)
        elif node.op_type == "Tanh":
            values[node.output[0]] = numpy.tanh(given[0])
        else:
            fail(f"{path} was written with the operator {node.op_type}; install onnxruntime to compare.")
    return "NumPy", values[graph.output[0].name]


def main():
    if len(sys.argv) != 3:
        fail("usage: export.py ACTOR_PTH ACTOR_ONNX")
    source, target = map(pathlib.Path, sys.argv[1:])
    actor = read_actor(source)
    width = actor[0][0].in_features
    torch.manual_seed(1)
    observation = torch.randn(OBSERVATIONS, width)
    draft = target.with_name(target.name + ".part")
    export(actor, observation, draft)
    with torch.no_grad():
        expected = actor(observation).numpy()
    by, actual = actions_of(draft, observation.numpy())
    if actual is None:
        print("not compared: neither onnxruntime nor onnx is installed")
    else:
        difference = float(abs(actual - expected).max())
        print(f"max abs difference over {OBSERVATIONS} observations, PyTorch and {by}: {difference:.3g}")
        if not difference <= TOLERANCE:
            draft.unlink()
            fail(f"what was exported does not do what {source} does: {TOLERANCE} would be tolerated. Nothing was written.")
    draft.replace(target)
    print(f"{target}: {width} numbers observed, {expected.shape[1]} actions")


main()
