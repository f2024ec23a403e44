namespace MedGenCluster.Engine.Ledger;

/// <summary>Something that waits for the writer.</summary>
internal abstract class Operation(IJoint? joint, bool alone, bool quiet)
{
    /// <summary>What runs it together with others; null where it runs by itself.</summary>
    public IJoint? Joint => joint;

    public bool Alone => alone;

    public bool Quiet => quiet;

    public virtual void Run(long now)
    {
    }

    public abstract void Acknowledge();

    public abstract void Fail(Exception exception);
}

internal class Operation<T>(Func<long, T>? work, bool alone, bool quiet, IJoint? joint = null) : Operation(joint, alone, quiet)
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Completion => _done.Task;

    public T? Result { get; set; }

    public override void Run(long now)
    {
        if (work is not null)
        {
            Result = work(now);
        }
    }

    public override void Acknowledge() => _done.TrySetResult(Result!);

    public override void Fail(Exception exception) => _done.TrySetException(exception);
}

internal sealed class JointOperation<TItem, TResult>(Joint<TItem, TResult> joint, TItem item) : Operation<TResult>(null, alone: false, joint.Quiet, joint)
{
    public TItem Item => item;
}

/// <summary>Operations that are done better together than one after another.</summary>
internal interface IJoint
{
    bool Quiet { get; }

    void Run(IReadOnlyList<Operation> operations, long now);
}

/// <param name="run">Given what is asked and the ledger's clock; answers in the same order.</param>
internal sealed class Joint<TItem, TResult>(Func<IReadOnlyList<TItem>, long, IReadOnlyList<TResult>> run, bool quiet = false) : IJoint
{
    public bool Quiet => quiet;

    public void Run(IReadOnlyList<Operation> operations, long now)
    {
        var joint = operations.Cast<JointOperation<TItem, TResult>>().ToList();
        var results = run(joint.ConvertAll(operation => operation.Item), now);
        for (var i = 0; i < joint.Count; i++)
        {
            joint[i].Result = results[i];
        }
    }
}
