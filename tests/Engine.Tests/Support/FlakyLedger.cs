using System.Reflection;
using MedGenCluster.Engine.Ledger;

namespace MedGenCluster.Engine.Tests.Support;

/// <summary>A ledger that refuses chosen calls, or stands still as for a process that is suspended.</summary>
public class FlakyLedger : DispatchProxy
{
    private static readonly MethodInfo LaterMethod = typeof(FlakyLedger).GetMethod(nameof(LaterAsync), BindingFlags.NonPublic | BindingFlags.Instance)!;

    private readonly Dictionary<string, int> _refusals = [];
    private readonly List<Task> _running = [];
    private readonly TaskCompletionSource _refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ILedger? _inner;
    private TaskCompletionSource? _frozen;

    public ILedger Ledger => (ILedger)(object)this;

    public static FlakyLedger Over(ILedger inner)
    {
        var proxy = (FlakyLedger)(object)Create<ILedger, FlakyLedger>();
        proxy._inner = inner;
        return proxy;
    }

    /// <returns>Completes with the last refusal.</returns>
    public Task Refuse(string method, int times)
    {
        _refusals[method] = times;
        return _refused.Task;
    }

    /// <summary>From now on no call reaches the ledger. Completes when those under way have ended.</summary>
    public Task FreezeAsync()
    {
        lock (_refusals)
        {
            _frozen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return Task.WhenAll(_running);
        }
    }

    /// <summary>The calls that came meanwhile go on.</summary>
    public void Thaw()
    {
        lock (_refusals)
        {
            _frozen!.SetResult();
            _frozen = null;
        }
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        lock (_refusals)
        {
            if (_refusals.GetValueOrDefault(targetMethod!.Name) is var left and > 0)
            {
                _refusals[targetMethod.Name] = left - 1;
                if (left == 1)
                {
                    _refused.TrySetResult();
                }

                throw new IOException("The ledger refuses.");
            }

            if (_frozen is { } frozen && typeof(Task).IsAssignableFrom(targetMethod.ReturnType))
            {
                var result = targetMethod.ReturnType.IsGenericType ? targetMethod.ReturnType.GetGenericArguments()[0] : typeof(object);
                return LaterMethod.MakeGenericMethod(result).Invoke(this, [frozen.Task, targetMethod, args]);
            }

            var answer = targetMethod.Invoke(_inner, args);
            if (answer is Task running)
            {
                _running.RemoveAll(task => task.IsCompleted);
                _running.Add(running);
            }

            return answer;
        }
    }

    private async Task<T> LaterAsync<T>(Task thawed, MethodInfo method, object?[] args)
    {
        await thawed;
        var task = (Task)method.Invoke(_inner, args)!;
        await task;
        return task is Task<T> answer ? answer.Result : default!;
    }
}
