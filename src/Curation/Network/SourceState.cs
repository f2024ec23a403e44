namespace MedGenCluster.Curation.Network;

/// <summary>The circuit of one source. Times are since a common start; not safe for concurrent use.</summary>
internal sealed class SourceState(SourceCircuitOptions options)
{
    /// <summary>Refusals that it weighs to have been refused while others were served: those are the last to try.</summary>
    private const int Suspicion = 1_000_000;

    private readonly Dictionary<string, Refusals> _refused = new(StringComparer.Ordinal);
    private long _successes;
    private TimeSpan _rest;
    private TimeSpan _opensAt;
    private TimeSpan _shutSince;
    private string? _probe;
    private TimeSpan _probeSince;
    private int _bestRefusals = int.MaxValue;
    private TimeSpan _bestUntil;

    public bool IsOpen { get; private set; }

    public TimeSpan LastRefusal { get; private set; }

    public bool IsForgettable => !IsOpen && _refused.Count == 0;

    public TimeSpan? Enter(string item, TimeSpan now)
    {
        if (!IsOpen || _probe == item)
        {
            return null;
        }

        var refusals = _refused.TryGetValue(item, out var own) ? (own.IsSuspect ? Suspicion : 0) + (own.ShutSince == _shutSince ? own.InThisShut : 0) : 0;
        if (now < _opensAt)
        {
            return SendAway(refusals, _opensAt - now, now);
        }

        if ((_probe is not null && now - _probeSince < options.ProbeLimit) || (refusals > _bestRefusals && now < _bestUntil))
        {
            return SendAway(refusals, _rest, now);
        }

        (_probe, _probeSince, _bestRefusals) = (item, now, int.MaxValue);
        return null;
    }

    /// <summary>Remembers who of those sent away was refused least: it is to try before others, or a few items that are always refused would take every
    /// turn from all the rest.</summary>
    private TimeSpan SendAway(int refusals, TimeSpan wait, TimeSpan now)
    {
        if (refusals <= _bestRefusals || now >= _bestUntil)
        {
            // A second more than it was told, for the way here.
            (_bestRefusals, _bestUntil) = (refusals, now + wait + TimeSpan.FromSeconds(1));
        }

        return wait;
    }

    public TimeSpan? Served(string item)
    {
        // Work that began before the refusals and ends among them says nothing of now.
        if (!IsOpen || _probe == item)
        {
            _successes++;
            _refused.Remove(item);
            (IsOpen, _probe) = (false, null);
        }

        return null;
    }

    /// <summary>A network failure says nothing of refusal. That of a try leaves the circuit as it was, at no cost.</summary>
    public TimeSpan? Lost(string item, TimeSpan now)
    {
        if (!IsOpen || _probe != item)
        {
            return null;
        }

        Shut(now);
        return _opensAt - now;
    }

    public TimeSpan? Refused(string item, TimeSpan now)
    {
        var own = Remember(item, now);
        if (!IsOpen && own.Lone > 1)
        {
            // Others were served since it was last refused: the item is suspected, not the source.
            return own.Lone >= options.LoneRefusals ? null : options.MaxRest;
        }

        if (!IsOpen)
        {
            (IsOpen, _shutSince, _rest, _bestRefusals) = (true, now, TimeSpan.Zero, int.MaxValue);
            Shut(now);
        }
        else if (_probe == item)
        {
            Shut(now);
        }

        own.InThisShut = own.ShutSince == _shutSince ? own.InThisShut + 1 : 1;
        own.ShutSince = _shutSince;
        if (now - _shutSince >= options.Patience && own.InThisShut >= options.PatienceRefusals)
        {
            _refused.Remove(item);
            return null;
        }

        return _opensAt - now;
    }

    private Refusals Remember(string item, TimeSpan now)
    {
        if (!_refused.TryGetValue(item, out var own))
        {
            if (_refused.Count >= options.MaxItems)
            {
                _refused.Remove(_refused.MinBy(pair => pair.Value.At).Key);
            }

            _refused[item] = own = new Refusals { SuccessesBefore = long.MaxValue };
        }

        own.Lone = _successes > own.SuccessesBefore ? own.Lone + 1 : 1;
        own.IsSuspect |= own.Lone > 1;
        (own.SuccessesBefore, own.At) = (_successes, now);
        LastRefusal = now;
        return own;
    }

    private void Shut(TimeSpan now)
    {
        _probe = null;
        _rest = _rest == TimeSpan.Zero ? options.FirstRest : Earlier(_rest * 2, options.MaxRest);
        _opensAt = now + _rest;
    }

    private static TimeSpan Earlier(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private sealed class Refusals
    {
        /// <summary>Refusals in a row with successes of others between them.</summary>
        public int Lone { get; set; }

        public bool IsSuspect { get; set; }

        public int InThisShut { get; set; }

        public long SuccessesBefore { get; set; }

        public TimeSpan ShutSince { get; set; } = TimeSpan.MinValue;

        public TimeSpan At { get; set; }
    }
}
