namespace MedGenCluster.Grains.Jobs;

/// <summary>Who holds a job, until when. A holder that died does not hold for ever.</summary>
internal sealed class JobHold(TimeProvider time, TimeSpan lasts)
{
    private string? _operation;
    private long _since;

    public bool IsHeld => _operation is not null && time.GetElapsedTime(_since) < lasts;

    /// <returns>False where another operation holds.</returns>
    public bool TryTake(string operation)
    {
        if (IsHeld && _operation != operation)
        {
            return false;
        }

        (_operation, _since) = (operation, time.GetTimestamp());
        return true;
    }

    public void Release(string operation)
    {
        if (_operation == operation)
        {
            _operation = null;
        }
    }
}
