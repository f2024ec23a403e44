using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("MedGenCluster.Engine.Tests")]
