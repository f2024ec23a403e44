using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MedGenCluster.GpuWorkers.Tests.Captioning;

/// <summary>An endpoint on loopback that answers requests in turn from a script, and keeps what it was sent. The last answer repeats.</summary>
internal sealed class ScriptedEndpoint : IDisposable
{
    private readonly HttpListener _listener;
    private readonly Queue<Answer> _script;

    public ScriptedEndpoint(params Answer[] script)
    {
        _script = new Queue<Answer>(script);
        (_listener, Address) = Listen();
        _ = ServeAsync();
    }

    public sealed record Answer(int Status, string Body, string? RetryAfter = null, string ContentType = "application/json");

    public Uri Address { get; }

    public ConcurrentQueue<string> Bodies { get; } = new();

    public ConcurrentQueue<string?> Keys { get; } = new();

    /// <summary>Most requests that were open at the same time.</summary>
    public int MostAtOnce { get; private set; }

    /// <summary>When set, answers wait for it.</summary>
    public TaskCompletionSource? Gate { get; set; }

    /// <summary>A completion with the given content.</summary>
    public static Answer Says(string content, string finish = "stop", string? refusal = null) => new(200, System.Text.Json.JsonSerializer.Serialize(new
    {
        id = "x",
        model = "vision-1",
        choices = new[] { new { index = 0, finish_reason = finish, message = new { role = "assistant", content, refusal } } },
    }));

    public void Dispose() => _listener.Close();

    private static (HttpListener, Uri) Listen()
    {
        for (var attempt = 0; ; attempt++)
        {
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            var address = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/";
            probe.Stop();
            var listener = new HttpListener();
            listener.Prefixes.Add(address);
            try
            {
                listener.Start();
                return (listener, new Uri(address + "v1"));
            }
            catch (HttpListenerException) when (attempt < 10)
            {
                // Another process took the port in between.
            }
        }
    }

    private async Task ServeAsync()
    {
        var open = 0;
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref open));
            var answer = _script.Count > 1 ? _script.Dequeue() : _script.Peek();
            _ = Task.Run(async () =>
            {
                using var reader = new StreamReader(context.Request.InputStream);
                Bodies.Enqueue(await reader.ReadToEndAsync());
                Keys.Enqueue(context.Request.Headers["Authorization"]);
                if (Gate is { } gate)
                    await gate.Task;
                Interlocked.Decrement(ref open);
                context.Response.StatusCode = answer.Status;
                context.Response.ContentType = answer.ContentType;
                if (answer.RetryAfter is { } wait)
                    context.Response.AddHeader("Retry-After", wait);
                context.Response.Close(Encoding.UTF8.GetBytes(answer.Body), willBlock: false);
            });
        }
    }
}

/// <summary>A clock on which every wait is over at once; it keeps how long the waits would have been.</summary>
internal sealed class HurriedTime : TimeProvider
{
    public ConcurrentQueue<TimeSpan> Waits { get; } = new();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime != Timeout.InfiniteTimeSpan)
            Waits.Enqueue(dueTime);
        return base.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : TimeSpan.Zero, period);
    }
}
