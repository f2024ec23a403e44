namespace MedGenCluster.StandIn;

/// <summary>One request as the stand-in saw it.</summary>
/// <param name="At">When it arrived.</param>
/// <param name="Range">The Range header as sent, null where there was none.</param>
/// <param name="Status">0 while no answer has begun.</param>
public sealed record StandInRequest(DateTimeOffset At, string Method, string Path, string? Range, string? IfRange, string? UserAgent, int Status);

/// <summary>Every request in the order of arrival.</summary>
public sealed class RequestLog
{
    private readonly Lock _lock = new();
    private readonly List<StandInRequest> _requests = [];

    public IReadOnlyList<StandInRequest> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _requests];
            }
        }
    }

    public IReadOnlyList<StandInRequest> Of(string path) => [.. All.Where(request => request.Path == path)];

    public void Clear()
    {
        lock (_lock)
        {
            _requests.Clear();
        }
    }

    /// <returns>Writes the request's status.</returns>
    internal Action<int> Arrived(StandInRequest request)
    {
        lock (_lock)
        {
            var place = _requests.Count;
            _requests.Add(request);
            return status =>
            {
                lock (_lock)
                {
                    // Gone where the log was cleared meanwhile.
                    if (place < _requests.Count && _requests[place].At == request.At)
                    {
                        _requests[place] = request with { Status = status };
                    }
                }
            };
        }
    }
}
