using System.Numerics;

namespace MedGenCluster.Curation.Lifecycle;

/// <summary>State of a batch generation. Numbers are stored: append only.</summary>
public enum GenerationState
{
    Running = 0,

    /// <summary>Every item is done or dead.</summary>
    Completed = 1,
    Cancelled = 2,
}

/// <summary>What is to be generated: every prompt with the same seeds.</summary>
/// <param name="PromptsSha256">Digest of the prompt file in the media store, 64 hexadecimal digits.</param>
/// <param name="Prompts">Prompts in it.</param>
/// <param name="Model">The model, and the fine-tuning on it: <c>name</c> or <c>name@digest</c>.</param>
/// <param name="PerPrompt">Items of each prompt.</param>
/// <param name="FirstSeed">Seed of a prompt's first item; the others follow by one.</param>
/// <param name="SliceSize">Items that are leased together, 1 to 64.</param>
public sealed record GenerationSpecification(string PromptsSha256, int Prompts, string Model, int PerPrompt, long FirstSeed = 0, int SliceSize = 16)
{
    /// <summary>Most slices of a job: its state is written as a whole, and this many stay below a megabyte.</summary>
    public const int MaxSlices = 4096;

    public long Items => (long)Prompts * PerPrompt;

    public int Slices => (int)((Items + SliceSize - 1) / SliceSize);

    /// <summary>Items of a slice; the last one may have fewer.</summary>
    public int SizeOf(int slice) => (int)Math.Min(SliceSize, Items - ((long)slice * SliceSize));

    /// <summary>Prompt (from 0) and seed of an item: the items of a prompt follow each other.</summary>
    public (int Prompt, long Seed) Item(int slice, int item)
    {
        var number = ((long)slice * SliceSize) + item;
        return ((int)(number / PerPrompt), FirstSeed + (number % PerPrompt));
    }

    /// <summary>All that is wrong, each in a sentence that names the field.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        if (PromptsSha256.Length != 64 || !PromptsSha256.All(char.IsAsciiHexDigitLower))
        {
            errors.Add($"{nameof(PromptsSha256)} is '{PromptsSha256}'; it must be 64 lower-case hexadecimal digits.");
        }

        if (string.IsNullOrWhiteSpace(Model))
        {
            errors.Add($"{nameof(Model)} is empty; name the model that generates.");
        }

        if (Prompts < 1)
        {
            errors.Add($"{nameof(Prompts)} is {Prompts}; a prompt file with at least one prompt is needed.");
        }

        if (PerPrompt < 1)
        {
            errors.Add($"{nameof(PerPrompt)} is {PerPrompt}; it must be at least 1.");
        }

        if (SliceSize is < 1 or > 64)
        {
            errors.Add($"{nameof(SliceSize)} is {SliceSize}; it must be 1 to 64.");
        }
        else if (Items > (long)MaxSlices * SliceSize)
        {
            errors.Add($"{Prompts} prompts of {PerPrompt} items are more than {MaxSlices} slices of {nameof(SliceSize)} {SliceSize}; raise it (64 at the most) or split the prompt file.");
        }

        return errors;
    }
}

/// <summary>Items of a slice that a worker has, until it is silent for too long.</summary>
/// <param name="Operation">Id that the worker chose for this piece of work.</param>
/// <param name="Items">By bit: the items it has to do still.</param>
public sealed record GenerationLease(string Operation, ulong Items, DateTimeOffset Until);

/// <summary>Items that are done and dead, and who has the others.</summary>
/// <param name="Done">By bit.</param>
/// <param name="Dead">By bit: given up after bounded attempts.</param>
/// <param name="Attempts">By item: failed attempts.</param>
/// <param name="Reasons">By item: why its last attempt failed.</param>
/// <param name="OneByOne">True after a worker was lost with several items: they are leased singly, so that only the one that takes its worker down is blamed.</param>
/// <param name="Lease">Null while nobody works on it.</param>
/// <param name="NotBefore">Not leased before this, after a failure.</param>
public sealed record GenerationSlice(
    int Size, ulong Done, ulong Dead, IReadOnlyDictionary<int, int> Attempts, IReadOnlyDictionary<int, string> Reasons, bool OneByOne, GenerationLease? Lease, DateTimeOffset NotBefore)
{
    /// <summary>By bit: neither done nor dead.</summary>
    public ulong Open => All(Size) & ~Done & ~Dead;

    public bool IsSettled => Open == 0;

    public int DoneCount => BitOperations.PopCount(Done);

    public int DeadCount => BitOperations.PopCount(Dead);

    public static GenerationSlice Fresh(int size) => new(size, 0, 0, new Dictionary<int, int>(), new Dictionary<int, string>(), false, null, DateTimeOffset.MinValue);

    internal static ulong All(int size) => size >= 64 ? ulong.MaxValue : (1UL << size) - 1;
}
