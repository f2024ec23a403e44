using MedGenCluster.Curation.Processes;

namespace MedGenCluster.Curation.Tests.Processes;

/// <summary>CPU time is the kernel's sum over all children that ended, so no other test may end one at the same moment.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}

[Collection(AloneCollection.Name)]
public sealed class ProcessRunnerTests : IDisposable
{
    private readonly ProcessAccounting _accounting = new();
    private readonly ProcessRunner _runner;
    private readonly string _folder = Directory.CreateTempSubdirectory("runner").FullName;

    public ProcessRunnerTests() => _runner = new ProcessRunner(TimeProvider.System, _accounting);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Output_is_collected_and_arguments_pass_no_shell()
    {
        var result = await _runner.RunAsync(new ProcessSpec("printf", ["%s|", "a b", "$HOME", "it's; \"x\"\n*"]), null, default);

        Assert.True(result.Succeeded);
        Assert.Equal("a b|$HOME|it's; \"x\"\n*|", result.Output);
    }

    [Fact]
    public async Task A_program_starts_in_the_folder_that_is_named()
    {
        var result = await _runner.RunAsync(new ProcessSpec("pwd", [], WorkingDirectory: _folder, MemoryLimitBytes: 1L << 30), null, default);

        Assert.Equal(_folder, result.Output.TrimEnd());
    }

    [Fact]
    public async Task A_missing_program_is_a_value()
    {
        var result = await _runner.RunAsync(new ProcessSpec("no-such-program-here", []), null, default);

        Assert.Equal(ProcessEnd.NotFound, result.End);
        Assert.Contains("no-such-program-here", result.ErrorTail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failing_program_reports_its_code_and_last_words()
    {
        var result = await RunScriptAsync("i=0; while [ $i -lt 3000 ]; do echo \"line $i\" >&2; i=$((i+1)); done; exit 3");

        Assert.Equal((ProcessEnd.Exited, 3), (result.End, result.ExitCode));
        Assert.EndsWith("line 2999", result.ErrorTail, StringComparison.Ordinal);
        Assert.StartsWith("line ", result.ErrorTail, StringComparison.Ordinal);
        Assert.InRange(result.ErrorTail.Length, 1000, 4096);
    }

    [Fact]
    public async Task Standard_input_arrives()
    {
        var result = await _runner.RunAsync(new ProcessSpec("cat", [], StandardInput: new string('x', 300_000)), null, default);

        Assert.Equal(300_000, result.Output.Length);
    }

    [Fact]
    public async Task A_consumer_that_has_enough_ends_an_endless_program()
    {
        var result = await _runner.RunAsync(
            new ProcessSpec("yes", []),
            (stream, _) =>
            {
                stream.ReadExactly(new byte[1000]);
                return Task.CompletedTask;
            },
            default);

        Assert.Equal(ProcessEnd.OutputClosed, result.End);
    }

    [Fact]
    public async Task A_program_that_neither_writes_nor_computes_is_stopped()
    {
        var result = await RunScriptAsync("echo begun; sleep 60", idle: TimeSpan.FromMilliseconds(250));

        Assert.Equal(ProcessEnd.StoppedMakingProgress, result.End);
        Assert.Equal("begun\n", result.Output);
    }

    [Fact]
    public async Task A_program_that_computes_in_silence_is_left_alone()
    {
        // Busy for at least 3 s however slow the machine is, which is longer than the idle limit; it ends by itself.
        var result = await RunScriptAsync("end=$(($(date +%s) + 4)); while [ $(date +%s) -lt $end ]; do :; done", idle: TimeSpan.FromSeconds(2));

        Assert.Equal((ProcessEnd.Exited, 0), (result.End, result.ExitCode));
        Assert.True(result.CpuTime > TimeSpan.Zero);
    }

    [Fact]
    public async Task A_slow_consumer_is_not_the_programs_fault()
    {
        using var never = new SemaphoreSlim(0);
        var result = await _runner.RunAsync(
            new ProcessSpec("head", ["-c", "1000000", "/dev/zero"], IdleLimit: TimeSpan.FromMilliseconds(100)),
            async (stream, token) =>
            {
                await never.WaitAsync(TimeSpan.FromMilliseconds(500), token);
                stream.ReadExactly(new byte[1_000_000]);
                Assert.Equal(0, stream.Read(new byte[1]));
            },
            default);

        Assert.True(result.Succeeded);
    }

    [Fact]
    public async Task A_time_limit_ends_a_busy_program()
    {
        var result = await _runner.RunAsync(new ProcessSpec("yes", [], TimeLimit: TimeSpan.FromMilliseconds(200)), DrainAsync, default);

        Assert.Equal(ProcessEnd.OutOfTime, result.End);
    }

    [Fact]
    public async Task Cancellation_kills_the_whole_tree()
    {
        using var cancellation = new CancellationTokenSource();
        int child = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _runner.RunAsync(
            Script("sleep 60 & echo $!; wait"),
            (stream, _) =>
            {
                using var reader = new StreamReader(stream);
                child = int.Parse(reader.ReadLine()!, System.Globalization.CultureInfo.InvariantCulture);
                cancellation.Cancel();
                reader.ReadToEnd();
                return Task.CompletedTask;
            },
            cancellation.Token));

        // A killed orphan may still be listed until its new parent collects it; it does not run any more.
        var stat = File.Exists($"/proc/{child}/stat") ? await File.ReadAllTextAsync($"/proc/{child}/stat") : "";
        Assert.True(stat.Length == 0 || stat.Contains(") Z", StringComparison.Ordinal) || stat.Contains(") X", StringComparison.Ordinal), stat);
    }

    [Fact]
    public async Task An_exception_of_the_consumer_comes_through_and_leaves_nothing_running()
    {
        await Assert.ThrowsAsync<InvalidDataException>(() => _runner.RunAsync(
            new ProcessSpec("yes", []), (_, _) => throw new InvalidDataException("enough"), default));

        Assert.Equal(1, _accounting.Totals["yes"].Runs);
    }

    [Fact]
    public async Task A_memory_limit_is_enforced_where_the_system_offers_one()
    {
        var spec = Script("x=$(head -c 300000000 /dev/zero | tr '\\0' a); echo ${#x}") with { MemoryLimitBytes = 100_000_000 };

        var result = await _runner.RunAsync(spec, null, default);

        Assert.NotEqual("300000000", result.Output.Trim());
    }

    [Fact]
    public async Task Costs_are_accounted_by_program_name()
    {
        await RunScriptAsync("i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done");
        await RunScriptAsync("exit 1");

        var totals = _accounting.Totals["sh"];
        Assert.Equal(2, totals.Runs);
        Assert.True(totals.CpuSeconds > 0.02, $"{totals.CpuSeconds} s");
    }

    private static ProcessSpec Script(string text) => new("sh", ["-c", text]);

    private Task<ProcessResult> RunScriptAsync(string text, TimeSpan? idle = null) =>
        _runner.RunAsync(Script(text) with { IdleLimit = idle }, null, default);

    private static Task DrainAsync(Stream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[65536];
        while (stream.Read(buffer) > 0)
        {
        }

        return Task.CompletedTask;
    }
}
