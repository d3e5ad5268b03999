import sys

from customer_insight.course.kernel import (
    THREADS,
    OwnAsyncKernelManager,
    OwnKernelManager,
    kernel_environment,
)


def test_the_environment_is_ours_and_leaves_this_process_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("MPLBACKEND", "agg")
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    made = kernel_environment(tmp_path)
    assert "MPLBACKEND" not in made
    assert {made[name] for name in THREADS} == {"1"}
    assert made["IPYTHONDIR"].startswith(str(tmp_path))
    assert kernel_environment(tmp_path, threads=2)["OMP_NUM_THREADS"] == "2"


def test_any_kernels_name_means_this_interpreter(tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path))
    for manager in (OwnKernelManager, OwnAsyncKernelManager):
        assert manager(kernel_name="julia-0.3").kernel_spec.argv[0] == sys.executable


def test_kernels_talk_through_files_of_their_own_unless_the_path_is_too_long(monkeypatch):
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", "/tmp/course-abc")
    one, two = OwnAsyncKernelManager(), OwnAsyncKernelManager()
    assert one.transport == "ipc"
    assert one.connection_file != two.connection_file
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", "/tmp/" + "x" * 90)
    assert OwnKernelManager().transport == "tcp"
