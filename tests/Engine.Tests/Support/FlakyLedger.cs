using System.Reflection;
using MedGenCluster.Engine.Ledger;

namespace MedGenCluster.Engine.Tests.Support;

/// <summary>A ledger that refuses chosen calls.</summary>
public class FlakyLedger : DispatchProxy
{
    private readonly Dictionary<string, int> _refusals = [];
    private ILedger? _inner;

    public ILedger Ledger => (ILedger)(object)this;

    public static FlakyLedger Over(ILedger inner)
    {
        var proxy = (FlakyLedger)(object)Create<ILedger, FlakyLedger>();
        proxy._inner = inner;
        return proxy;
    }

    public void Refuse(string method, int times) => _refusals[method] = times;

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        lock (_refusals)
        {
            if (_refusals.GetValueOrDefault(targetMethod!.Name) is var left and > 0)
            {
                _refusals[targetMethod.Name] = left - 1;
                throw new IOException("The ledger refuses.");
            }
        }

        return targetMethod.Invoke(_inner, args);
    }
}
