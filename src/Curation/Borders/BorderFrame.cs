namespace MedGenCluster.Curation.Borders;

/// <summary>What one frame shows at one side.</summary>
/// <param name="Thickness">Rows or columns of a black bar that ends in a straight edge, in pixels; 0 when there is none.</param>
/// <param name="BlackDepth">Outermost rows or columns that are black, whatever follows them, in pixels.</param>
public readonly record struct BorderSide(int Thickness, int BlackDepth);

/// <summary>What one frame shows at its four sides.</summary>
/// <param name="IsDark">The picture is so dark that bars cannot be told from it.</param>
public readonly record struct BorderFrame(BorderSide Top, BorderSide Bottom, BorderSide Left, BorderSide Right, bool IsDark);
