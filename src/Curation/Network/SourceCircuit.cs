namespace MedGenCluster.Curation.Network;

/// <summary>Circuits of the sources that this process uses, in memory. A source that serves and has refused nobody lately takes no room.</summary>
public sealed class SourceCircuit : ISourceCircuit
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, SourceState> _sources = new(StringComparer.Ordinal);
    private readonly SourceCircuitOptions _options;
    private readonly TimeProvider _time;
    private readonly long _start;

    /// <exception cref="ArgumentException">An option cannot be used.</exception>
    public SourceCircuit(SourceCircuitOptions options, TimeProvider time)
    {
        if (options.Validate() is { Count: > 0 } errors)
        {
            throw new ArgumentException(string.Join(' ', errors), nameof(options));
        }

        (_options, _time, _start) = (options, time, time.GetTimestamp());
    }

    /// <summary>The sources whose circuits are open.</summary>
    public IReadOnlyList<string> OpenSources
    {
        get
        {
            lock (_lock)
            {
                return [.. _sources.Where(pair => pair.Value.IsOpen).Select(pair => pair.Key).Order(StringComparer.Ordinal)];
            }
        }
    }

    /// <inheritdoc/>
    public TimeSpan? Enter(string source, string item)
    {
        lock (_lock)
        {
            return _sources.GetValueOrDefault(source)?.Enter(item, _time.GetElapsedTime(_start));
        }
    }

    /// <inheritdoc/>
    public TimeSpan? Report(string source, string item, FailureKind? failure)
    {
        lock (_lock)
        {
            var refused = failure is FailureKind.EgressBlock or FailureKind.ClientBroken;
            if (!_sources.TryGetValue(source, out var state))
            {
                if (!refused)
                {
                    return null;
                }

                if (_sources.Count >= _options.MaxSources)
                {
                    _sources.Remove(_sources.MinBy(pair => (pair.Value.IsOpen, pair.Value.LastRefusal)).Key);
                }

                _sources[source] = state = new SourceState(_options);
            }

            var now = _time.GetElapsedTime(_start);
            var wait = failure switch
            {
                FailureKind.EgressBlock or FailureKind.ClientBroken => state.Refused(item, now),
                FailureKind.Network => state.Lost(item, now),
                // An item that is private or gone was told so by a source that answers.
                _ => state.Served(item),
            };
            if (state.IsForgettable)
            {
                _sources.Remove(source);
            }

            return wait;
        }
    }
}
