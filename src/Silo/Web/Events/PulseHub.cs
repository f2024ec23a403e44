using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MedGenCluster.Silo.Web.Events;

/// <summary>Event streams (text/event-stream). One producer makes a payload at most once a second while somebody listens, and every stream gets the same bytes.
/// A stream holds the latest payload alone: a slow client misses some, nothing is stored up for it.</summary>
/// <param name="revision">Moves whenever there is something new to tell; cheap.</param>
/// <param name="payload">The event's data as JSON on one line.</param>
public sealed class PulseHub(Func<long> revision, Func<CancellationToken, Task<byte[]>> payload, int maxStreams, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Shortest time between two events.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>A comment goes out when nothing else did for so long, so that proxies keep the stream open and a dead client is noticed.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>A write that makes no progress for so long ends its stream.</summary>
    public static readonly TimeSpan Stuck = TimeSpan.FromSeconds(30);

    private static readonly byte[] Comment = ":\n\n"u8.ToArray();

    private readonly ConcurrentDictionary<Listener, byte> _streams = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _making = new(1);
    private readonly Lock _lock = new();
    private Task _producer = Task.CompletedTask;
    private bool _producing;
    private byte[]? _frame;
    private long _madeAt;
    private long _told;
    private int _count;

    /// <summary>Streams that are open.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Whether the producer runs.</summary>
    internal bool Producing => Volatile.Read(ref _producing);

    /// <summary>Serves one stream until the client leaves or the host stops; 503 where there are too many.</summary>
    public async Task ServeAsync(HttpContext context)
    {
        if (Interlocked.Increment(ref _count) > maxStreams || _stopping.IsCancellationRequested)
        {
            Interlocked.Decrement(ref _count);
            context.Response.Headers.RetryAfter = "10";
            await Problems.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, $"{maxStreams} event streams are open already; close some pages, or ask for the data instead.").ConfigureAwait(false);
            return;
        }

        var stream = new Listener();
        _streams[stream] = 0;
        var writing = false;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopping.Token);
        try
        {
            context.Response.ContentType = "text/event-stream";
            context.Response.Headers.CacheControl = "no-store";
            context.Response.Headers["X-Accel-Buffering"] = "no";
            context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            stream.Offer(await FrameAsync(stop.Token).ConfigureAwait(false));
            StartProducer();
            while (true)
            {
                writing = false;
                var next = await stream.NextAsync(Heartbeat, time, stop.Token).ConfigureAwait(false);
                writing = true;
                await WriteAsync(context, next ?? Comment, stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!writing && _stopping.IsCancellationRequested)
        {
            // The host stops between two events: the answer ends where a client expects it to.
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or TimeoutException)
        {
            context.Abort();
        }
        finally
        {
            _streams.TryRemove(stream, out _);
            Interlocked.Decrement(ref _count);
        }
    }

    /// <summary>Ends all streams.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        Task producer;
        lock (_lock)
        {
            producer = _producer;
        }

        await producer.ConfigureAwait(false);
    }

    private static byte[] Frame(byte[] data) => [.. "event: pulse\ndata: "u8, .. data, .. "\n\n"u8];

    private async Task WriteAsync(HttpContext context, byte[] bytes, CancellationToken stop)
    {
        await context.Response.Body.WriteAsync(bytes, stop).AsTask().WaitAsync(Stuck, time, stop).ConfigureAwait(false);
        await context.Response.Body.FlushAsync(stop).WaitAsync(Stuck, time, stop).ConfigureAwait(false);
    }

    /// <summary>The latest frame; made anew, and offered to every stream, when it is older than the interval.</summary>
    private async Task<byte[]> FrameAsync(CancellationToken stop)
    {
        await _making.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            if (_frame is { } fresh && time.GetElapsedTime(_madeAt) < Interval)
            {
                return fresh;
            }

            // Read before the payload is made: a change in between is told by the next frame.
            var told = revision();
            var frame = Frame(await payload(stop).ConfigureAwait(false));
            (_frame, _madeAt) = (frame, time.GetTimestamp());
            Volatile.Write(ref _told, told);
            foreach (var stream in _streams.Keys)
            {
                stream.Offer(frame);
            }

            return frame;
        }
        finally
        {
            _making.Release();
        }
    }

    private void StartProducer()
    {
        lock (_lock)
        {
            if (!_producing && !_stopping.IsCancellationRequested)
            {
                _producing = true;
                _producer = Task.Run(ProduceAsync);
            }
        }
    }

    /// <summary>Runs while somebody listens. What it cannot make ends the streams with the error, which is logged with their requests; clients come back by themselves.</summary>
    private async Task ProduceAsync()
    {
        try
        {
            while (Listened())
            {
                await Task.Delay(Interval, time, _stopping.Token).ConfigureAwait(false);
                if (revision() != Volatile.Read(ref _told))
                {
                    await FrameAsync(_stopping.Token).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
        catch (Exception exception)
        {
            lock (_lock)
            {
                _producing = false;
            }

            foreach (var stream in _streams.Keys)
            {
                stream.Fail(exception);
            }
        }
    }

    /// <summary>Decided under the lock: a stream that joins while the producer ends finds it running or starts another.</summary>
    private bool Listened()
    {
        lock (_lock)
        {
            return _producing = !_streams.IsEmpty;
        }
    }

    private sealed class Listener
    {
        private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private byte[]? _latest;

        public void Offer(byte[] frame)
        {
            Volatile.Write(ref _latest, frame);
            Volatile.Read(ref _news).TrySetResult();
        }

        public void Fail(Exception exception) => Volatile.Read(ref _news).TrySetException(exception);

        /// <returns>The latest frame, or null when none came in time.</returns>
        public async Task<byte[]?> NextAsync(TimeSpan patience, TimeProvider time, CancellationToken stop)
        {
            try
            {
                await Volatile.Read(ref _news).Task.WaitAsync(patience, time, stop).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                return null;
            }

            // The next wait begins before the frame is taken: one that is offered in between is not missed.
            Volatile.Write(ref _news, new(TaskCreationOptions.RunContinuationsAsynchronously));
            return Interlocked.Exchange(ref _latest, null);
        }
    }
}
