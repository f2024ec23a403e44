using System.Text;
using MedGenCluster.Curation.Network;
using MedGenCluster.Curation.Processes;
using MedGenCluster.Curation.Sources.YouTube;

namespace MedGenCluster.Curation.Tests.Sources.YouTube;

/// <summary>What a scripted run of yt-dlp does.</summary>
internal sealed record Script(string[] Output, string Errors = "", int ExitCode = 0, ProcessEnd End = ProcessEnd.Exited, Action<string>? InFolder = null)
{
    public static Script Fails(string error) => new([], error, 1);

    public static Script Lists(params string[] lines) => new(lines);

    /// <summary>A fetch that brings media, metadata and other files.</summary>
    public static Script Fetches(string info, params (string Name, string Content)[] files) => new(
        ["[download] Destination: media", "[download]  50.0% of 1.00MiB at 1.00MiB/s ETA 00:01"],
        InFolder: folder =>
        {
            File.WriteAllText(Path.Combine(folder, "media"), "pictures");
            File.WriteAllText(Path.Combine(folder, "media.info.json"), info);
            foreach (var (name, content) in files)
            {
                File.WriteAllText(Path.Combine(folder, name), content);
            }
        });
}

/// <summary>Stands in for the program: answers run after run from a list and keeps what it was asked.</summary>
internal sealed class ScriptedYtDlp(params Script[] scripts) : IProcessRunner
{
    private readonly Queue<Script> _scripts = new(scripts);

    public string Version { get; init; } = "2025.01.15";

    public List<ProcessSpec> Specs { get; } = [];

    public Task<ProcessResult> RunAsync(ProcessSpec spec, Func<Stream, CancellationToken, Task>? output, CancellationToken cancellationToken)
    {
        if (spec.Arguments.Contains("--version"))
        {
            return Task.FromResult(new ProcessResult(ProcessEnd.Exited, 0, Version + "\n", "", TimeSpan.Zero));
        }

        Specs.Add(spec);
        var script = _scripts.Dequeue();
        return Task.Run(
            async () =>
            {
                if (spec.WorkingDirectory is { } folder)
                {
                    script.InFolder?.Invoke(folder);
                }

                using var stream = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', script.Output)));
                await output!(stream, cancellationToken);
                return new ProcessResult(script.End, script.ExitCode, "", script.Errors, TimeSpan.Zero);
            },
            cancellationToken);
    }
}

/// <summary>A clock on which every wait is over at once, and has taken its time.</summary>
internal sealed class HurriedTime : TimeProvider
{
    private DateTimeOffset _now = new(2025, 7, 8, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime >= TimeSpan.Zero)
        {
            _now += dueTime;
            ThreadPool.QueueUserWorkItem(_ => callback(state));
        }

        return new Timer();
    }

    private sealed class Timer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

/// <summary>Lets everything through and keeps what it was told.</summary>
internal sealed class OpenNetwork : IHostBudget, ISourceCircuit
{
    /// <summary>What each entering is answered; null lets it through.</summary>
    public Queue<TimeSpan?> Shut { get; } = [];

    /// <summary>What a refusal or broken client is answered.</summary>
    public TimeSpan? Away { get; set; } = TimeSpan.FromSeconds(3);

    public List<string> Asked { get; } = [];

    public List<HostAnswer> Answers { get; } = [];

    public List<(string Source, string Item, FailureKind? Failure)> Reports { get; } = [];

    public ValueTask AcquireAsync(string host, CancellationToken cancellationToken)
    {
        Asked.Add(host);
        return ValueTask.CompletedTask;
    }

    /// <summary>What the host asked for.</summary>
    public TimeSpan Rest { get; set; }

    public TimeSpan RestOf(string host) => Rest;

    public void Report(string host, HostAnswer answer, TimeSpan? retryAfter = null) => Answers.Add(answer);

    public TimeSpan? Enter(string source, string item) => Shut.TryDequeue(out var wait) ? wait : null;

    public TimeSpan? Report(string source, string item, FailureKind? failure)
    {
        Reports.Add((source, item, failure));
        return failure is FailureKind.EgressBlock or FailureKind.ClientBroken ? Away : null;
    }
}
