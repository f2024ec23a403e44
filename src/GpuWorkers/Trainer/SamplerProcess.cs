using System.Collections.Concurrent;
using System.Text.Json;
using MedGenCluster.Curation.Generation;
using MedGenCluster.Curation.Processes;

namespace MedGenCluster.GpuWorkers.Trainer;

/// <summary>A <c>t2v.serve</c> process: the model is loaded once, requests go in and answers come out as JSON lines. What is asked for while it works waits in its
/// standard input, so that it has nothing to wait for between two videos.</summary>
internal sealed class SamplerProcess : IVideoSampler
{
    private readonly LiveProcess _process;
    private readonly TrainerOptions _options;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<SampleAnswer>> _open = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _order = new();
    private long _answeredAt;
    private volatile bool _late;

    public SamplerProcess(LiveProcess process, SamplerInfo info, TrainerOptions options, TimeProvider time)
    {
        (_process, Info, _options, _time) = (process, info, options, time);
        _answeredAt = time.GetTimestamp();
        Ended = ListenAsync();
    }

    public SamplerInfo Info { get; }

    public Task<string> Ended { get; }

    public async Task<SampleAnswer> SampleAsync(SampleRequest request, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<SampleAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_open.IsEmpty)
        {
            Volatile.Write(ref _answeredAt, _time.GetTimestamp());
        }

        _open[request.Id] = answer;
        _order.Enqueue(request.Id);
        if (!await _process.WriteLineAsync(Line(request), cancellationToken).ConfigureAwait(false) || Ended.IsCompleted)
        {
            await Ended.ConfigureAwait(false);
            Settle(request.Id, new SampleAnswer.NotBegun());
        }

        using var cancelled = cancellationToken.Register(() => answer.TrySetCanceled(cancellationToken));
        while (!answer.Task.IsCompleted)
        {
            // The limit counts from the answer before this one: what waits in the queue is not late.
            var left = _options.ItemLimit - _time.GetElapsedTime(Volatile.Read(ref _answeredAt));
            if (left <= TimeSpan.Zero)
            {
                _late = true;
                _process.Kill();
                break;
            }

            await Task.WhenAny(answer.Task, Task.Delay(left, _time, CancellationToken.None)).ConfigureAwait(false);
        }

        return await answer.Task.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        // With its input closed and SIGTERM it ends after the item in hand; nobody waits for that one any more.
        _process.Kill();
        await _process.DisposeAsync().ConfigureAwait(false);
        await Ended.ConfigureAwait(false);
    }

    private static string Line(SampleRequest request)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("id", request.Id);
            json.WriteString("prompt", request.Prompt);
            json.WriteNumber("seed", request.Seed);
            json.WriteNumber("steps", request.Steps);
            json.WriteNumber("guidance_scale", request.Guidance);
            json.WriteNumber("shift", request.Shift);
            json.WriteString("output", request.Output);
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private async Task<string> ListenAsync()
    {
        await foreach (var text in _process.Lines.ReadAllAsync().ConfigureAwait(false))
        {
            if (TrainerLine.Parse(text) is { } line && line.String("id") is { } id)
            {
                Volatile.Write(ref _answeredAt, _time.GetTimestamp());
                Settle(id, Answer(line));
            }
        }

        // A process that has closed its output answers nothing more.
        _process.Kill();
        var code = await _process.Ended.ConfigureAwait(false);
        var reason = _late ? $"the sampler gave no answer in {_options.ItemLimit.TotalSeconds:0} s and was killed" : TrainerDeath.Say("the sampler", code, _process.ErrorTail);

        // Requests are worked on in their order: only the first of those without an answer can be what ended it.
        var inHand = _order.FirstOrDefault(_open.ContainsKey);
        foreach (var id in _open.Keys)
        {
            Settle(id, id == inHand ? new SampleAnswer.Failed(reason, Retryable: true) : new SampleAnswer.NotBegun());
        }

        return reason;
    }

    private static SampleAnswer Answer(TrainerLine line) => line.Name switch
    {
        "generated" => new SampleAnswer.Generated(
            (int)(line.Whole("frames") ?? 0), (int)(line.Whole("width") ?? 0), (int)(line.Whole("height") ?? 0), line.Real("fps") ?? 0, line.Real("seconds") ?? 0, line.String("sha256") ?? ""),
        _ => new SampleAnswer.Failed($"{line.String("kind") ?? "internal"}: {line.String("message") ?? "the sampler gave no reason"}", (line.String("kind") ?? "internal") is "internal"),
    };

    private void Settle(string id, SampleAnswer answer)
    {
        if (_open.TryRemove(id, out var waiting))
        {
            waiting.TrySetResult(answer);
        }

        while (_order.TryPeek(out var first) && !_open.ContainsKey(first))
        {
            _order.TryDequeue(out _);
        }
    }
}
