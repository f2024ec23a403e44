using System.Reflection;

namespace MedGenCluster.Grains.Tests.Support;

/// <summary>A stand-in for a grain or a factory of them. A class that implements a grain's interface would become a grain of this assembly's silos.</summary>
public class Answering : DispatchProxy
{
    private Func<string, object?[], object?> _answer = null!;

    /// <param name="answer">Given the method's name and arguments.</param>
    internal static T As<T>(Func<string, object?[], object?> answer)
        where T : class
    {
        var made = Create<T, Answering>();
        ((Answering)(object)made)._answer = answer;
        return made;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _answer(targetMethod!.Name, args!);
}
